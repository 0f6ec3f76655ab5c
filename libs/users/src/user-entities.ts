import { ErasureRequestEntity } from './erasure/erasure-request.entity.js';
import { ErasureSubjectEntity } from './erasure/erasure-subject.entity.js';
import { ScimGroupMemberEntity } from './scim-group-member.entity.js';
import { ScimGroupEntity } from './scim-group.entity.js';
import { ScimPageBlockEntity } from './scim-page-block.entity.js';
import { ScimUserEmailEntity } from './scim-user-email.entity.js';
import { ScimUserEntity } from './scim-user.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const userEntities = [
  ErasureRequestEntity,
  ErasureSubjectEntity,
  ScimUserEntity,
  ScimUserEmailEntity,
  ScimGroupEntity,
  ScimGroupMemberEntity,
  ScimPageBlockEntity,
] as const;
