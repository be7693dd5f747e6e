/** What a class for the documentation describes, without being an instance of it. */
export type Plain<T> = Pick<T, keyof T>;
