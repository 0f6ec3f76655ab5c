import { Injectable } from '@nestjs/common';
import { groupFilterColumns } from './group.filter-columns.js';
import type { Group } from './group.js';
import { fromGroupRow, groupColumns, groupReadColumns, type GroupRow, toGroupColumns } from './group.mapper.js';
import { ResourceRepository } from './resource.repository.js';

/** Rows of SCIM groups. */
@Injectable()
export class GroupRepository extends ResourceRepository<Group, GroupRow> {
  constructor() {
    super({
      name: 'scim_group',
      alias: 'g',
      resourceType: 'Group',
      columns: groupColumns,
      readColumns: groupReadColumns,
      toColumns: toGroupColumns,
      fromRow: fromGroupRow,
      filterColumns: groupFilterColumns,
    });
  }
}
