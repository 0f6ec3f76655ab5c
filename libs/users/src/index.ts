export { entityTag, isActive, textOf, type User, userNameOf } from './user.js';
export { toScim } from './user.mapper.js';
export type { UserCursor, UserPage } from './user.repository.js';
export { UsersModule } from './users.module.js';
export { type UserCommand, type UserList, UsersService } from './users.service.js';
export { ScimUserEntity } from './scim-user.entity.js';
export { userEntities } from './user-entities.js';
