import { Whole } from '#libs/http/fields.decorator.js';

/** Query parameter of every read from a read model; give it to `AwaitPosition`. */
export const AtLeast = (): PropertyDecorator =>
  Whole({
    optional: true,
    query: true,
    max: 999_999_999_999_999,
    description:
      '`position` from the answer of a command: the answer then holds that command and everything before it. Waits ' +
      'for the read model up to a limit (default 5 s), then 503; 422 for a position that is not in the log.',
    example: 42,
  });
