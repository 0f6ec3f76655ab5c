import type { TenantId } from '@cleanmail/database';
import { type AddressExplanation, AddressExplanations } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { TenantParam } from '../tenant-param.decorator.js';
import { ExplainQueryDto, explanationView, ExplanationView } from './explain.dto.js';
import { type Origin, RequestOrigins } from './request-origins.js';

/** Why mail for an address goes as it goes, whichever tenant's it is. */
@AdminController('explain')
export class ExplainController {
  constructor(
    private readonly explanations: AddressExplanations,
    private readonly origins: RequestOrigins,
  ) {}

  @Get()
  @ApiOkResponse({ type: ExplanationView })
  async explain(@Query() { address }: ExplainQueryDto): Promise<ExplanationView> {
    const explanation = await this.explanations.explainAnywhere(address);
    return explanationView(address, explanation, await originOf(this.origins, explanation));
  }
}

/** Why mail for an address goes as it goes, as far as it concerns the tenant: nothing is told of others. */
@AdminController('tenants/:tenantId/explain')
export class TenantExplainController {
  constructor(
    private readonly explanations: AddressExplanations,
    private readonly origins: RequestOrigins,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiOkResponse({ type: ExplanationView })
  async explain(@TenantParam() tenant: TenantId, @Query() { address }: ExplainQueryDto): Promise<ExplanationView> {
    await this.tenants.require(tenant);
    const explanation = await this.explanations.explain(tenant, address);
    return explanationView(address, explanation, await originOf(this.origins, explanation));
  }
}

async function originOf(
  origins: RequestOrigins,
  { tenant, writer, mailbox }: AddressExplanation,
): Promise<Origin | undefined> {
  if (tenant === undefined || writer === undefined) {
    return undefined;
  }
  const isToken = writer.actor?.startsWith('token:') === true;
  const resourceId = (isToken ? mailbox?.scimUserId : mailbox?.id) ?? null;
  const [origin] = await origins.of(tenant, [{ ...writer, resourceId }]);
  return origin;
}
