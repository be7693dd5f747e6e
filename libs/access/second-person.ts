/** An account that acts, and the one that lent the grant which it uses, where it was lent. */
export interface Acting {
  readonly actor: string;
  readonly onBehalfOf?: string;
}

/**
 * Four eyes: whether these are two persons. They are not where one account acts by a grant that the other one lent,
 * since then one person would decide what he himself asked for.
 */
export function areTwoPersons(one: Acting, other: Acting): boolean {
  return one.actor !== other.actor && one.actor !== other.onBehalfOf && one.onBehalfOf !== other.actor;
}
