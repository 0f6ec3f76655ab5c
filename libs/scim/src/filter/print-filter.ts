import { assertNever } from '../errors/assert-never.js';
import type { Filter, FilterLiteral } from './filter.js';

/** Prints a filter so that parsing the text gives the same tree. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'or':
      return filter.operands.map((operand) => printOperand(operand, ['or'])).join(' or ');
    case 'and':
      return filter.operands.map((operand) => printOperand(operand, ['or', 'and'])).join(' and ');
    case 'not':
      return `not (${printFilter(filter.operand)})`;
    case 'comparison':
      return `${filter.path} ${filter.operator} ${printLiteral(filter.literal)}`;
    case 'present':
      return `${filter.path} pr`;
    case 'valuePath':
      return `${filter.path}[${printFilter(filter.filter)}]`;
    default:
      return assertNever(filter);
  }
}

/** A text as the quoted value of a filter. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function printOperand(filter: Filter, grouped: readonly Filter['kind'][]): string {
  const text = printFilter(filter);
  return grouped.includes(filter.kind) ? `(${text})` : text;
}

function printLiteral(literal: FilterLiteral): string {
  return literal.kind === 'string' ? quote(literal.text) : literal.text;
}
