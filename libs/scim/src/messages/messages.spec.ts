import { describe, expect, it } from '@jest/globals';
import { userResourceType } from '../schema/resource-types.js';
import { serviceProviderConfigSchema } from '../schema/service-provider-config-schema.js';
import type { ListQueryParameters } from './list-query.js';
import { parseListQuery } from './list-query.js';
import { listResponse } from './list-response.js';
import { serviceProviderConfig } from './service-provider-config.js';

function parse(parameters: ListQueryParameters): ReturnType<typeof parseListQuery> {
  return parseListQuery(parameters, userResourceType, { defaultCount: 100, maxCount: 200 });
}

describe(parseListQuery.name, () => {
  it.each<[ListQueryParameters, number, number]>([
    [{}, 1, 100],
    [{ startIndex: '6', count: '5' }, 6, 5],
    [{ startIndex: 6, count: 5 }, 6, 5],
    [{ startIndex: '0', count: '-1' }, 1, 0],
    [{ startIndex: '-7', count: '0' }, 1, 0],
    [{ count: '100000' }, 1, 200],
    [{ startIndex: '99999999999999999999999' }, Number.MAX_SAFE_INTEGER, 100],
    [{ sortOrder: 'sideways' }, 1, 100],
  ])('should page %p', (parameters, startIndex, count) => {
    expect(parse(parameters)).toEqual({ startIndex, count, projection: { kind: 'default', paths: [] } });
  });

  it.each<[ListQueryParameters, number, string]>([
    [{ cursor: '' }, 100, ''],
    [{ cursor: 'abc', count: '200' }, 200, 'abc'],
    [{ cursor: '', count: 1 }, 1, ''],
  ])('should page %p by cursor', (parameters, count, cursor) => {
    expect(parse(parameters)).toMatchObject({ count, cursor });
  });

  it.each<[ListQueryParameters, string, string]>([
    [{ cursor: '', count: '201' }, 'invalidCount', 'from 1 to 200'],
    [{ cursor: '', count: '0' }, 'invalidCount', 'from 1 to 200'],
    [{ cursor: '', count: '-1' }, 'invalidCount', 'from 1 to 200'],
    [{ cursor: '', count: 'x' }, 'invalidCount', 'from 1 to 200'],
    [{ cursor: '', startIndex: '1' }, 'invalidValue', 'startIndex'],
    [{ cursor: ['', ''] }, 'invalidValue', 'cursor'],
    [{ sortBy: 'shoeSize' }, 'invalidPath', 'shoeSize'],
    [{ sortBy: 'userName', sortOrder: 'up' }, 'invalidValue', 'sortOrder'],
    [{ count: 'x' }, 'invalidValue', 'count'],
    [{ count: '1.5' }, 'invalidValue', 'count'],
    [{ count: '' }, 'invalidValue', 'count'],
    [{ startIndex: '1e3' }, 'invalidValue', 'startIndex'],
    [{ startIndex: ['1', '2'] }, 'invalidValue', 'startIndex'],
    [{ attributes: ['a', 'b'] }, 'invalidValue', 'attributes'],
    [{ excludedAttributes: {} }, 'invalidValue', 'excludedAttributes'],
    [{ sortBy: ['a'] }, 'invalidValue', 'sortBy'],
    [{ attributes: 'id', excludedAttributes: 'name' }, 'invalidValue', 'excludedAttributes'],
    [{ filter: ['a pr', 'b pr'] }, 'invalidFilter', 'filter'],
    [{ filter: '' }, 'invalidFilter', 'attribute name'],
    [{ filter: 'x eq "y"' }, 'invalidFilter', '"x"'],
  ])('should refuse %p', (parameters, scimType, named) => {
    expect(() => parse(parameters)).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(() => parse(parameters)).toThrow(named);
  });

  it('should resolve the filter, the sort and the projection', () => {
    expect(parse({ filter: 'userName eq "A"', attributes: 'id', sortBy: 'title' })).toMatchObject({
      filter: { kind: 'comparison', value: 'a' },
      sort: { target: { attribute: { name: 'title' } }, order: 'ascending' },
      projection: { kind: 'only' },
    });
  });
});

describe(listResponse.name, () => {
  it('should always have a list of resources', () => {
    expect(listResponse({ totalResults: 0, startIndex: 1, resources: [] })).toStrictEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('should say where a page by cursor is, and give it no startIndex', () => {
    const page = { totalResults: 9, resources: ['a'], previousCursor: 'p', nextCursor: 'n' };
    expect(listResponse(page)).toStrictEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 9,
      itemsPerPage: 1,
      previousCursor: 'p',
      nextCursor: 'n',
      Resources: ['a'],
    });
  });

  it('should count what is on the page unless told otherwise', () => {
    expect(listResponse({ totalResults: 9, startIndex: 3, resources: ['a', 'b'] }).itemsPerPage).toBe(2);
    expect(listResponse({ totalResults: 9, startIndex: 3, resources: [], itemsPerPage: 20 }).itemsPerPage).toBe(20);
  });
});

describe(serviceProviderConfig.name, () => {
  it('should say what is offered and nothing more (case S03)', () => {
    expect(serviceProviderConfig({ baseUrl: 'https://h/scim', maxResults: 200, etag: true })).toMatchObject({
      patch: { supported: true },
      filter: { supported: true, maxResults: 200 },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
      authenticationSchemes: [
        { type: 'oauthbearertoken', primary: true },
        { type: 'oauth2', primary: false },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: 'https://h/scim/ServiceProviderConfig' },
    });
  });

  it('should say how lists are paged', () => {
    const pagination = {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 200,
      cursorTimeout: 60,
    } as const;
    expect(serviceProviderConfig({ baseUrl: '', maxResults: 1, pagination })['pagination']).toEqual(pagination);
    const described = serviceProviderConfigSchema.attributes.find(({ name }) => name === 'pagination');
    expect(described?.subAttributes?.map(({ name }) => name)).toEqual(Object.keys(pagination));
  });

  it('should name the limits of bulk', () => {
    const bulk = { maxOperations: 10, maxPayloadSize: 1000 };
    expect(serviceProviderConfig({ baseUrl: '', maxResults: 1, bulk })).toMatchObject({
      bulk: { supported: true, ...bulk },
    });
  });
});
