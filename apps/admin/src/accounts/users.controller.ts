import type { TenantId } from '@cleanmail/database';
import { TenantsService } from '@cleanmail/tenants';
import { isActive, textOf, type User, userNameOf, UsersService } from '@cleanmail/users';
import { Get, Query } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { instant } from '../instant.js';
import { after, type Page, pageOf, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';

/** A SCIM user as the admin REST shows it. */
export class UserView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly userName!: string;
  @ApiProperty({ nullable: true, type: String }) readonly externalId!: string | null;
  @ApiProperty() readonly active!: boolean;
  @ApiProperty({ nullable: true, type: String }) readonly displayName!: string | null;
  @ApiProperty({ type: 'integer' }) readonly version!: number;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly lastModified!: string;
}

/** SCIM users of a tenant. */
@AdminController('tenants/:tenantId/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiPage(UserView)
  async list(@TenantParam() tenant: TenantId, @Query() page: PageQuery): Promise<Page<UserView>> {
    await this.tenants.require(tenant);
    return pageOf(await this.users.page(tenant, { ...after(page), limit: page.limit + 1 }), page.limit, userView);
  }
}

function userView(user: User): UserView {
  return {
    id: user.id,
    userName: userNameOf(user),
    externalId: textOf(user, 'externalId') ?? null,
    active: isActive(user),
    displayName: textOf(user, 'displayName') ?? null,
    version: user.version,
    createdAt: instant(user.createdAt),
    lastModified: instant(user.lastModified),
  };
}
