import { ScimError } from '@cleanmail/scim';
import { ScimController, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { Delete, Get, Patch, Post, Put } from '@nestjs/common';

/** Endpoints of RFC 7644 that the service does not offer, and says so: `/Bulk` (section 3.7) and `/Me` (section 3.11). */
@ScimController(scimBasePaths, '')
export class NotOfferedController {
  @Post('Bulk')
  @ScimOperation('bulk')
  bulk(): never {
    throw ScimError.notImplemented('Bulk requests are not offered; send each operation as a request of its own.');
  }

  @Get('Me')
  @ScimOperation('read')
  readMe(): never {
    return notMe();
  }

  @Post('Me')
  @ScimOperation('create')
  createMe(): never {
    return notMe();
  }

  @Put('Me')
  @ScimOperation('replace')
  replaceMe(): never {
    return notMe();
  }

  @Patch('Me')
  @ScimOperation('modify')
  modifyMe(): never {
    return notMe();
  }

  @Delete('Me')
  @ScimOperation('delete')
  deleteMe(): never {
    return notMe();
  }
}

function notMe(): never {
  throw ScimError.notImplemented('A secret token belongs to a tenant, not to a user: there is no resource for /Me.');
}
