import type { ResolvedComparison, ResolvedFilter } from '../filter/resolved-filter.js';

/** The conditions `sub eq value` that every element must meet to satisfy the filter; none below `or` and `not`. */
export function equalityConditions(filter: ResolvedFilter): readonly ResolvedComparison[] {
  switch (filter.kind) {
    case 'comparison':
      return filter.operator === 'eq' ? [filter] : [];
    case 'and':
      return filter.operands.flatMap(equalityConditions);
    case 'or':
    case 'not':
    case 'present':
    case 'valuePath':
      return [];
  }
}
