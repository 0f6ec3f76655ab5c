import { Injectable } from '@nestjs/common';
import { ResourceRepository } from './resource.repository.js';
import type { User } from './user.js';
import { userFilterColumns } from './user.filter-columns.js';
import { fromRow, readColumns, toColumns, userColumns, type UserRow } from './user.mapper.js';

/** Rows of SCIM users. */
@Injectable()
export class UserRepository extends ResourceRepository<User, UserRow> {
  constructor() {
    super({
      name: 'scim_user',
      alias: 'u',
      columns: userColumns,
      readColumns,
      toColumns,
      fromRow,
      filterColumns: userFilterColumns,
    });
  }
}
