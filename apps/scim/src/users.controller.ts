import { type ListQuery, type ListResponse, userResourceType } from '@cleanmail/scim';
import { type ResourceReply, ScimBody, ScimController, ScimListQuery, ScimOperation } from '@cleanmail/scim-http';
import { scimBasePaths } from '@cleanmail/tenants';
import { Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ProjectionQuery } from './projection-query.decorator.js';
import type { ProjectionParameters } from './resource-view.js';
import { Call, type ScimCall } from './scim-call.js';
import { UsersEndpoint } from './users.endpoint.js';

/** `/Users` (RFC 7644 section 3.2). */
@ScimController(scimBasePaths, 'Users')
export class UsersController {
  constructor(private readonly users: UsersEndpoint) {}

  @Post()
  @ScimOperation('create', 'User')
  create(
    @Call() call: ScimCall,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.users.create(call, body, projection);
  }

  @Get()
  @ScimOperation('query', 'User')
  query(@Call() call: ScimCall, @ScimListQuery(userResourceType) query: ListQuery): Promise<ListResponse<unknown>> {
    return this.users.query(call, query);
  }

  @Get(':id')
  @ScimOperation('read', 'User')
  read(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.users.read(call, id, projection);
  }

  @Put(':id')
  @ScimOperation('replace', 'User')
  replace(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.users.replace(call, id, body, projection);
  }

  @Patch(':id')
  @ScimOperation('modify', 'User')
  modify(
    @Call() call: ScimCall,
    @Param('id') id: string,
    @ScimBody() body: unknown,
    @ProjectionQuery() projection: ProjectionParameters,
  ): Promise<ResourceReply> {
    return this.users.modify(call, id, body, projection);
  }

  @Delete(':id')
  @HttpCode(204)
  @ScimOperation('delete', 'User')
  delete(@Call() call: ScimCall, @Param('id') id: string): Promise<void> {
    return this.users.delete(call, id);
  }
}
