import { MESSAGE_URNS } from '../messages/message-urns.js';
import type { ScimError, ScimType } from './scim-error.js';

/** The error body of RFC 7644 section 3.12; `status` is the HTTP status as a string. */
export interface ErrorMessage {
  readonly schemas: readonly string[];
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail: string;
}

/** Renders an error as the body that goes to the client. */
export function errorMessage(error: ScimError): ErrorMessage {
  return {
    schemas: [MESSAGE_URNS.error],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.detail,
  };
}
