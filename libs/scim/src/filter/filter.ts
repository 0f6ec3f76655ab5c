/** The comparison operators of RFC 7644 section 3.4.2.2, without `pr`. */
export type ComparisonOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * The right side of a comparison. `text` is the unescaped content of a quoted string, else the source text; a `word`
 * is an unquoted value that is neither number, boolean nor null.
 */
export interface FilterLiteral {
  readonly kind: 'string' | 'word' | 'number' | 'boolean' | 'null';
  readonly text: string;
}

/** A filter as parsed; attribute paths are still text and nothing is checked against a schema. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] }
  | { readonly kind: 'not'; readonly operand: Filter }
  | {
      readonly kind: 'comparison';
      readonly path: string;
      readonly operator: ComparisonOperator;
      readonly literal: FilterLiteral;
    }
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'valuePath'; readonly path: string; readonly filter: Filter };

/** How large a filter may be: characters of text, nodes of the tree, nesting of parentheses and brackets. */
export interface FilterLimits {
  readonly length: number;
  readonly nodes: number;
  readonly depth: number;
}

/** The limits that apply unless others are given. */
export const DEFAULT_FILTER_LIMITS: FilterLimits = { length: 4096, nodes: 50, depth: 20 };
