import type { ResolvedFilter } from '../filter/resolved-filter.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { AttributeDefinition, SchemaDefinition } from '../schema/definition.js';

/** What the path of a PATCH operation points to (RFC 7644 section 3.5.2). */
export type PatchPath =
  /** The resource itself: the bare URN of the core schema. */
  | { readonly kind: 'resource' }
  /** A whole extension: its bare URN. */
  | { readonly kind: 'extension'; readonly schema: SchemaDefinition }
  /** An attribute, or a sub-attribute of all its values. */
  | { readonly kind: 'attribute'; readonly target: AttributeTarget }
  /** The elements that a value filter selects, or one sub-attribute of each. */
  | {
      readonly kind: 'elements';
      readonly target: AttributeTarget;
      readonly filter: ResolvedFilter;
      readonly subAttribute?: AttributeDefinition;
    }
  /** Well-formed, but nothing that the schemas know. */
  | { readonly kind: 'unknown' };
