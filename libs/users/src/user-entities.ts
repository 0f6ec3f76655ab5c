import { ScimGroupMemberEntity } from './scim-group-member.entity.js';
import { ScimGroupEntity } from './scim-group.entity.js';
import { ScimUserEntity } from './scim-user.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const userEntities = [ScimUserEntity, ScimGroupEntity, ScimGroupMemberEntity] as const;
