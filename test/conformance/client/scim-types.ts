export const CORE_USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const SCIM_ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** One element of a multi-valued attribute. */
export interface MultiValue {
  readonly value?: string;
  readonly type?: string;
  readonly display?: string;
  readonly primary?: boolean | string;
}

/** The enterprise extension as far as the suites look into it. */
export interface EnterpriseUser {
  readonly department?: string;
  readonly costCenter?: string;
  readonly employeeNumber?: string;
  readonly manager?: { readonly value?: string };
}

/** A User as the service answers it (RFC 7643, 4.1), as far as the suites look into it. */
export interface ScimUser {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly externalId?: string;
  readonly userName: string;
  readonly active?: boolean;
  readonly name?: { readonly givenName?: string; readonly familyName?: string };
  readonly displayName?: string;
  readonly title?: string;
  readonly nickName?: string;
  readonly emails?: readonly MultiValue[];
  readonly phoneNumbers?: readonly MultiValue[];
  readonly roles?: readonly MultiValue[];
  readonly groups?: readonly MembershipValue[];
  readonly [ENTERPRISE_USER]?: EnterpriseUser;
  readonly meta: {
    readonly resourceType: string;
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
    readonly version?: string;
  };
}

/** A member of a group, or a group that a user is in. */
export interface MembershipValue {
  readonly value: string;
  readonly $ref: string;
  readonly type: string;
  readonly display?: string;
}

/** A Group as the service answers it (RFC 7643, 4.2). */
export interface ScimGroup {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly externalId?: string;
  readonly displayName: string;
  readonly members?: readonly MembershipValue[];
  readonly meta: ScimUser['meta'];
}

/** A ListResponse (RFC 7644, 3.4.2). */
export interface ScimList<T = ScimUser> {
  readonly schemas: readonly string[];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly T[];
}

/** A SCIM error body (RFC 7644, 3.12). */
export interface ScimErrorBody {
  readonly schemas: readonly string[];
  readonly status: string;
  readonly scimType?: string;
  readonly detail?: string;
}

/** One operation of a PATCH request, in whatever spelling Entra uses. */
export interface PatchOperation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/** The body of a PATCH request. */
export interface PatchRequest {
  readonly schemas?: readonly string[];
  readonly Operations: readonly PatchOperation[];
}
