import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { InvalidRequestError } from './invalid-request.error.js';

const deepest = 32;

/** Refuses a body that is nested deeper than any of this surface, before anything walks through it. */
export class NestingPipe implements PipeTransform {
  /** @throws InvalidRequestError */
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type === 'body' && isDeeper(value, deepest)) {
      throw new InvalidRequestError([
        { field: 'body', messages: [`must not be nested deeper than ${deepest} levels`] },
      ]);
    }
    return value;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
