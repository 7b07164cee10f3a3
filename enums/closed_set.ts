/** A const object of texts: what every closed set of the vocabulary is. */
export type ClosedSet = Readonly<Record<string, string>>;

/** The members of a closed set, as a union of texts. */
export type MemberOf<E extends ClosedSet> = E[keyof E];
