import { v7 } from 'uuid';

/** A new id: UUID version 7 (RFC 9562), so that primary keys grow in the order of creation. */
export function newId(): string {
  return v7();
}
