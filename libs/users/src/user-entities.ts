import { ScimUserEntity } from './scim-user.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const userEntities = [ScimUserEntity] as const;
