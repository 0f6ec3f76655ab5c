export { ErasureRequestEntity } from './erasure/erasure-request.entity.js';
export {
  type ErasureCounts,
  type ErasureRequest,
  type ErasureState,
  type ErasureSubject,
} from './erasure/erasure-request.js';
export { ErasureSubjectEntity } from './erasure/erasure-subject.entity.js';
export {
  ActorRequiredError,
  ErasureActorError,
  ErasureNotFoundError,
  ErasureStateError,
  InvalidErasureError,
  LegalHoldError,
  UserNotFoundError,
} from './erasure/erasures.errors.js';
export { type ErasureQuery, ErasuresService } from './erasure/erasures.service.js';
export { userClockJobs } from './clock-jobs.js';
export { displayNameOf, type Group, type GroupMember, type GroupMembership, type MemberType } from './group.js';
export { groupToScim } from './group.mapper.js';
export { type GroupAnswer, type GroupCommand, type GroupList, GroupsService } from './groups.service.js';
export { PageDirectory, type PagePosition } from './page-directory.js';
export { pageDirectoryViolations } from './page-directory-check.js';
export type { Neighbours, PageWindow, Walk } from './ordered-page.js';
export type { ReconciledPart, RepairedDifference, UserDifference } from './reconcile/user-difference.js';
export { type ReconcilePlace, type RepairOptions, UserReconciliation } from './reconcile/user-reconciliation.js';
export { type FoundResource, type ResourceFind, ResourceSearch, type SearchPart } from './resource-search.js';
export type { ResourceCursor, ResourcePage } from './resource.repository.js';
export type { SharedTransaction, WriteCommand } from './resource-writer.js';
export { ScimGroupMemberEntity } from './scim-group-member.entity.js';
export { ScimGroupEntity } from './scim-group.entity.js';
export { ScimUserEmailEntity } from './scim-user-email.entity.js';
export { ScimPageBlockEntity } from './scim-page-block.entity.js';
export { ScimUserEntity } from './scim-user.entity.js';
export { entityTag, locationOf, type StoredResource, textOf } from './stored-resource.js';
export { isActive, type User, userNameOf } from './user.js';
export { toScim } from './user.mapper.js';
export { userEntities } from './user-entities.js';
export { userInvariants } from './user-invariants.js';
export { UsersModule } from './users.module.js';
export { type UserAnswer, type UserCommand, type UserList, UsersService } from './users.service.js';
