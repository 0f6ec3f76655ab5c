/** The entities of all libs, for TypeORM. */
export const entities = [] as const;
