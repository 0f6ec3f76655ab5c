import { SetMetadata } from '@nestjs/common';

/** The operations of RFC 7644 section 3.2, as the provisioning log names them. */
export type ScimOperationName = 'create' | 'read' | 'query' | 'replace' | 'modify' | 'delete' | 'bulk' | 'discover';

/** What a handler does, to which type of resource. */
export interface ScimOperationMetadata {
  readonly name: ScimOperationName;
  readonly resourceType?: string;
}

/** Where {@link ScimOperation} keeps its metadata. */
export const scimOperationKey = 'cleanmail:scim-operation';

/** Names what a handler does, for the provisioning log. */
export function ScimOperation(name: ScimOperationName, resourceType?: string): MethodDecorator {
  return SetMetadata(scimOperationKey, {
    name,
    ...(resourceType === undefined ? {} : { resourceType }),
  } satisfies ScimOperationMetadata);
}
