import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { MailPolicies } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Body, Get, Patch } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { ChangeMailPolicyDto, MailPolicyView } from './mail-policy.dto.js';

/** How a tenant's mailboxes are granted, suspended, counted and kept. */
@AdminController('tenants/:tenantId/mail-policy')
export class MailPolicyController {
  constructor(
    private readonly policies: MailPolicies,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiOkResponse({ type: MailPolicyView })
  async read(@TenantParam() tenant: TenantId): Promise<MailPolicyView> {
    await this.tenants.require(tenant);
    return this.policies.get(tenant);
  }

  @Patch()
  @ApiOkResponse({ type: MailPolicyView })
  async change(
    @TenantParam() tenant: TenantId,
    @CurrentActor() actor: Actor,
    @Body() change: ChangeMailPolicyDto,
  ): Promise<MailPolicyView> {
    await this.tenants.require(tenant);
    return this.policies.change(tenant, actor, change);
  }
}
