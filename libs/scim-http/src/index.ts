export { CursorSeal } from './cursor-seal.js';
export { entityTagTest, type EntityTagTest, writeCondition } from './entity-tags.js';
export { pageLimits } from './page-limits.js';
export { addScimAnswers } from './scim-answers.js';
export { addScimBodyParsers, UnreadableBody } from './scim-body.js';
export { ResourceReply } from './resource-reply.js';
export { ScimBody } from './scim-body.decorator.js';
export { ScimController } from './scim-controller.decorator.js';
export { ScimExceptionFilter } from './scim-exception.filter.js';
export { scimMediaType } from './scim-media-type.js';
export {
  ScimOperation,
  scimOperationKey,
  type ScimOperationMetadata,
  type ScimOperationName,
} from './scim-operation.decorator.js';
export { isFault, toScimError } from './to-scim-error.js';
