import type { ListQueryParameters, ListResponse, ResourceType } from '@cleanmail/scim';
import { type ResourceReply, ScimBody, ScimOperation } from '@cleanmail/scim-http';
import { Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ProjectionQuery } from './projection-query.decorator.js';
import type { ProjectionParameters } from './resource-view.js';
import { Call, type ScimCall } from './scim-call.js';
import { SearchParameters } from './search-parameters.decorator.js';

/** What answers the operations on one type of resource. */
export interface ResourceEndpoint {
  create(call: ScimCall, body: unknown, projection: ProjectionParameters): Promise<ResourceReply>;
  query(call: ScimCall, parameters: ListQueryParameters): Promise<ListResponse<unknown>>;
  read(call: ScimCall, id: string, projection: ProjectionParameters): Promise<ResourceReply>;
  replace(call: ScimCall, id: string, body: unknown, projection: ProjectionParameters): Promise<ResourceReply>;
  modify(call: ScimCall, id: string, body: unknown, projection: ProjectionParameters): Promise<ResourceReply>;
  delete(call: ScimCall, id: string): Promise<void>;
}

/** A controller with the operations of RFC 7644 section 3.2 on a type of resource. */
export interface ResourceOperations {
  readonly endpoint: ResourceEndpoint;
}

/** The routes of a type of resource, for a controller to extend; `endpoint` is what the controller injects. */
export function ResourceController({ name }: ResourceType): abstract new () => ResourceOperations {
  abstract class Operations implements ResourceOperations {
    abstract readonly endpoint: ResourceEndpoint;

    @Post()
    @ScimOperation('create', name)
    create(
      @Call() call: ScimCall,
      @ScimBody() body: unknown,
      @ProjectionQuery() projection: ProjectionParameters,
    ): Promise<ResourceReply> {
      return this.endpoint.create(call, body, projection);
    }

    @Get()
    @ScimOperation('query', name)
    query(@Call() call: ScimCall, @Query() parameters: ListQueryParameters): Promise<ListResponse<unknown>> {
      return this.endpoint.query(call, parameters);
    }

    /** RFC 7644 section 3.4.3. */
    @Post('.search')
    @HttpCode(200)
    @ScimOperation('query', name)
    search(
      @Call() call: ScimCall,
      @SearchParameters() parameters: ListQueryParameters,
    ): Promise<ListResponse<unknown>> {
      return this.endpoint.query(call, parameters);
    }

    @Get(':id')
    @ScimOperation('read', name)
    read(
      @Call() call: ScimCall,
      @Param('id') id: string,
      @ProjectionQuery() projection: ProjectionParameters,
    ): Promise<ResourceReply> {
      return this.endpoint.read(call, id, projection);
    }

    @Put(':id')
    @ScimOperation('replace', name)
    replace(
      @Call() call: ScimCall,
      @Param('id') id: string,
      @ScimBody() body: unknown,
      @ProjectionQuery() projection: ProjectionParameters,
    ): Promise<ResourceReply> {
      return this.endpoint.replace(call, id, body, projection);
    }

    @Patch(':id')
    @ScimOperation('modify', name)
    modify(
      @Call() call: ScimCall,
      @Param('id') id: string,
      @ScimBody() body: unknown,
      @ProjectionQuery() projection: ProjectionParameters,
    ): Promise<ResourceReply> {
      return this.endpoint.modify(call, id, body, projection);
    }

    @Delete(':id')
    @HttpCode(204)
    @ScimOperation('delete', name)
    delete(@Call() call: ScimCall, @Param('id') id: string): Promise<void> {
      return this.endpoint.delete(call, id);
    }
  }
  return Operations;
}
