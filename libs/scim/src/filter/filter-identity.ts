import { assertNever } from '../errors/assert-never.js';
import { targetName } from '../schema/attribute-target.js';
import type { ResolvedFilter } from './resolved-filter.js';

/** What a filter asks for, as JSON: the same for two spellings of one filter, different for filters that differ. */
export function filterIdentity(filter: ResolvedFilter): readonly unknown[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [filter.kind, ...filter.operands.map(filterIdentity)];
    case 'not':
      return ['not', filterIdentity(filter.operand)];
    case 'present':
      return ['pr', targetName(filter.target)];
    case 'comparison':
      return [filter.operator, targetName(filter.target), filter.value];
    case 'valuePath':
      return ['valuePath', targetName(filter), filterIdentity(filter.filter)];
    default:
      return assertNever(filter);
  }
}
