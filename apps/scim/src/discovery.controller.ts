import { type ListResponse } from '@cleanmail/scim';
import { ScimController, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { Get, Param, UseGuards } from '@nestjs/common';
import { type Document, DiscoveryEndpoint } from './discovery.endpoint.js';
import { NoFilterGuard } from './no-filter.guard.js';
import { Call, type ScimCall } from './scim-call.js';

/** `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` (RFC 7644 section 4). */
@ScimController(scimBasePaths, '')
@UseGuards(NoFilterGuard)
export class DiscoveryController {
  constructor(private readonly discovery: DiscoveryEndpoint) {}

  @Get('ServiceProviderConfig')
  @ScimOperation('discover')
  serviceProviderConfig(@Call() call: ScimCall): Document {
    return this.discovery.serviceProviderConfig(call);
  }

  @Get('ResourceTypes')
  @ScimOperation('discover')
  resourceTypes(@Call() call: ScimCall): ListResponse<Document> {
    return this.discovery.resourceTypes(call);
  }

  @Get('ResourceTypes/:id')
  @ScimOperation('discover')
  resourceType(@Call() call: ScimCall, @Param('id') id: string): Document {
    return this.discovery.resourceType(call, id);
  }

  @Get('Schemas')
  @ScimOperation('discover')
  schemas(@Call() call: ScimCall): ListResponse<Document> {
    return this.discovery.schemas(call);
  }

  @Get('Schemas/:id')
  @ScimOperation('discover')
  schema(@Call() call: ScimCall, @Param('id') id: string): Document {
    return this.discovery.schema(call, id);
  }
}
