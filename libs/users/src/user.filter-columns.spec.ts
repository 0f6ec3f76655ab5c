import { describe, expect, it } from '@jest/globals';
import { asTenantId, type Dialect, filterToSql, type SqlValue } from '@cleanmail/database';
import { parseFilter, resolveFilter, SCHEMA_URNS, ScimError, userResourceType } from '@cleanmail/scim';
import { isLookup } from './is-lookup.js';
import { userFilterColumns } from './user.filter-columns.js';

const dialects: readonly Dialect[] = ['sqlite', 'mysql'];
const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
const textPaths = [
  'id', 'userName', 'externalId', 'displayName', 'name.givenName', 'title', 'schemas', 'emails', 'emails.value', 'roles.display',
  `${SCHEMA_URNS.enterpriseUser}:department`, 'manager.value', 'meta.resourceType', 'x509Certificates.display',
]; // prettier-ignore
const tenant = asTenantId('tenant');
const marker = 'zQx7\\\\\'";-- %_!/*';

function compile(filter: string, dialect: Dialect): { readonly sql: string; readonly parameters: readonly SqlValue[] } {
  return filterToSql(tenant, resolveFilter(parseFilter(filter), userResourceType), dialect, userFilterColumns);
}

function placeholders(sql: string): number {
  return sql.split('?').length - 1;
}

describe.each(dialects)('userFilterColumns on %s', (dialect) => {
  it.each(textPaths.flatMap((path) => operators.map((operator) => `${path} ${operator}`)))(
    'should bind the value of %s and keep it out of the statement',
    (comparison) => {
      const { sql, parameters } = compile(`${comparison} ${JSON.stringify(marker)}`, dialect);
      expect(sql.toLowerCase()).not.toContain('zqx7');
      expect(placeholders(sql)).toBe(parameters.length);
      const sent = parameters.filter((value) => value !== tenant);
      expect(sent.length).toBeGreaterThan(0);
      expect(sent.every((value) => String(value).toLowerCase().startsWith('zqx7'))).toBe(true);
    },
  );

  it('should bind values in the order of their placeholders', () => {
    const { sql, parameters } = compile(
      'userName eq "one" and (emails[type eq "two" and value co "three"] or not (active eq true))',
      dialect,
    );
    expect(placeholders(sql)).toBe(4);
    expect(parameters).toEqual(['one', 'two', 'three', 1]);
  });

  it('should never use LIKE', () => {
    const statements = textPaths.flatMap((path) =>
      operators.map((operator) => compile(`${path} ${operator} "a"`, dialect).sql),
    );
    expect(statements.filter((sql) => /\blike\b/i.test(sql))).toEqual([]);
  });

  it.each([
    'meta.location eq "x"',
    'meta.version pr',
    'groups.$ref pr',
    'groups[$ref eq "x"]',
    'password eq "x"',
    'emails[value eq "a"] and meta.location co "x"',
  ])('should refuse %s as invalidFilter', (filter) => {
    expect(() => compile(filter, dialect)).toThrow(ScimError);
    expect(() => compile(filter, dialect)).toThrow(/cannot be filtered/);
  });

  it.each([
    ['userName eq "A"', 'u.user_name_key'],
    ['externalId eq "A"', 'u.external_id'],
    ['displayName sw "A"', 'u.display_name_key'],
    ['id eq "A"', 'u.id'],
    ['meta.lastModified gt "2026-01-01T00:00:00Z"', 'u.last_modified'],
    ['groups.value eq "A"', 'u.id IN (SELECT m.member_id FROM scim_group_member m '],
  ])('should serve %s from its column', (filter, column) => {
    const { sql } = compile(filter, dialect);
    expect(sql).toContain(column);
    expect(sql).not.toContain('u.search');
  });

  it.each([
    ['emails.value eq "A"', 1],
    ['emails eq "A"', 1],
    ['emails[value eq "A"]', 1],
    ['emails[type eq "work" and value eq "A"]', 1],
    ['emails[value sw "A" and not (display pr)]', 1],
    ['emails[value eq "A" or value eq "B"]', 2],
    ['emails[value ge "A" and value lt "B"]', 2],
    ['not (emails.value eq "A")', 1],
    ['emails.value eq "A" or title eq "B"', 1],
    ['emails[value eq "A" or type eq "work"]', 0],
    ['emails[not (value eq "A")]', 0],
    ['emails.value co "A"', 0],
    ['emails.value pr', 0],
    ['emails.display eq "A"', 0],
    ['phoneNumbers.value eq "A"', 0],
  ])('should look up %s in %d places, and still ask the document', (filter, places) => {
    const { sql, parameters } = compile(filter, dialect);
    expect(sql.split('u.id IN (SELECT l.user_id FROM scim_user_email l WHERE l.tenant_id = ? AND ')).toHaveLength(
      places + 1,
    );
    expect(parameters.filter((value) => value === tenant)).toHaveLength(places);
    expect(placeholders(sql)).toBe(parameters.length);
    expect(sql).toContain('u.search');
  });

  it('should look up no more of a value than its key holds, with the bounds included', () => {
    const long = '😀'.repeat(700);
    const key = '😀'.repeat(640);
    for (const operator of ['eq', 'gt', 'le']) {
      expect(compile(`emails.value ${operator} "${long}"`, dialect).parameters).toEqual([tenant, key, long]);
    }
    expect(compile('emails.value gt "a"', dialect).sql).toContain('l.value_key >= ?');
    expect(compile('emails.value lt "a"', dialect).sql).toContain('l.value_key <= ?');
  });

  it.each([
    ['userName eq "a"', true],
    ['title eq "a"', true],
    ['emails.value eq "a"', true],
    ['emails[type eq "work" and value eq "a"]', true],
    ['userName eq "a" and externalId eq "b"', true],
    ['id eq "a" and manager eq "b"', true],
    ['userName eq "a" and emails.value eq "b"', true],
    ['title eq "a" and nickName eq "b"', false],
    ['userName sw "a"', false],
    ['userName eq "a" or externalId eq "b"', false],
    ['userName eq "a" and externalId eq "b" and displayName eq "c"', false],
    ['emails[type eq "work" and value eq "a" and display eq "b"]', false],
    ['roles[type eq "work" and value eq "a"]', false],
  ])('should say of %s whether its statement is kept prepared: %s', (filter, expected) => {
    expect(isLookup(resolveFilter(parseFilter(filter), userResourceType), userFilterColumns)).toBe(expected);
  });
});
