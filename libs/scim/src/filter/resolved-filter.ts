import type { AttributeTarget } from '../schema/attribute-target.js';
import type { Comparable } from '../schema/comparable.js';
import type { AttributeDefinition } from '../schema/definition.js';

/** The operators that are left after resolution: `ne` has become the negation of `eq`. */
export type ResolvedOperator = 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * A filter whose paths are attributes of a resource type. `value` is in comparable form, `literal` is the same value
 * as the client wrote it (of the attribute's type). A target on a multi-valued attribute holds when any element does.
 * The targets inside a value path name the attribute and its sub-attribute and are about one and the same element;
 * there, a target without sub-attribute is the element of a simple multi-valued attribute itself.
 */
export type ResolvedFilter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly operand: ResolvedFilter }
  | ResolvedComparison
  | { readonly kind: 'present'; readonly target: AttributeTarget }
  | {
      readonly kind: 'valuePath';
      readonly schema?: string;
      readonly attribute: AttributeDefinition;
      readonly filter: ResolvedFilter;
    };

/** A comparison of one attribute with one value. */
export interface ResolvedComparison {
  readonly kind: 'comparison';
  readonly target: AttributeTarget;
  readonly operator: ResolvedOperator;
  readonly value: Comparable;
  readonly literal: Comparable;
}
