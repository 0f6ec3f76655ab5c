import { ScimError } from '@cleanmail/scim';
import { ScimController, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { All } from '@nestjs/common';

/** `/Me` (RFC 7644 section 3.11) is not offered: whatever is asked of it is answered 501. */
@ScimController(scimBasePaths, 'Me')
export class MeController {
  @All(['', '*'])
  @ScimOperation('read')
  me(): never {
    throw noMe();
  }
}

/** The error of every request for the subject of a token. */
export function noMe(): ScimError {
  return ScimError.notImplemented('A secret token belongs to a tenant, not to a user: there is no resource for /Me.');
}
