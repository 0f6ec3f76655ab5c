import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { MailboxImport } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { ImportAnswersView, ImportMailboxesDto } from './import-mailboxes.dto.js';

/** Accounts that were there before, many at once. */
@AdminController('tenants/:tenantId/mailboxes/import')
export class MailboxImportController {
  constructor(
    private readonly mailboxes: MailboxImport,
    private readonly tenants: TenantsService,
  ) {}

  /** Makes mailboxes and answers every row in its place. What is there already is told; it may be sent again. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: ImportAnswersView })
  async import(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() { rows, ...options }: ImportMailboxesDto,
  ): Promise<ImportAnswersView> {
    await this.tenants.require(tenant);
    return { items: await this.mailboxes.import(tenant, actor, rows, options) };
  }
}
