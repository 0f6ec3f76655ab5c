import { bodyLimit } from '@cleanmail/listener';
import type { BulkLimits } from '@cleanmail/scim';

/** The largest bulk request; the listener reads no larger body for any endpoint. */
export const bulkLimits: BulkLimits = { maxOperations: 1000, maxPayloadSize: bodyLimit };
