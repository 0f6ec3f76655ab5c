import { describe, expect, it } from '@jest/globals';
import { type Dialect, filterToSql, type SqlValue } from '@cleanmail/database';
import { parseFilter, resolveFilter, SCHEMA_URNS, ScimError, userResourceType } from '@cleanmail/scim';
import { userFilterColumns } from './user.filter-columns.js';

const dialects: readonly Dialect[] = ['sqlite', 'mysql'];
const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
const textPaths = [
  'id', 'userName', 'externalId', 'displayName', 'name.givenName', 'title', 'schemas', 'emails', 'emails.value', 'roles.display',
  `${SCHEMA_URNS.enterpriseUser}:department`, 'manager.value', 'meta.resourceType', 'x509Certificates.display',
]; // prettier-ignore
const marker = 'zQx7\\\\\'";-- %_!/*';

function compile(filter: string, dialect: Dialect): { readonly sql: string; readonly parameters: readonly SqlValue[] } {
  return filterToSql(resolveFilter(parseFilter(filter), userResourceType), dialect, userFilterColumns);
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
      expect(parameters.length).toBeGreaterThan(0);
      expect(parameters.every((value) => String(value).toLowerCase().startsWith('zqx7'))).toBe(true);
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
  ])('should serve %s from its column', (filter, column) => {
    const { sql } = compile(filter, dialect);
    expect(sql).toContain(column);
    expect(sql).not.toContain('u.search');
  });
});
