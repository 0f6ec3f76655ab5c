import { groupResourceType, type ResourceType, userResourceType, withAttribute } from '@cleanmail/scim';

/** The services whose customers can be provisioned. */
export const profileNames = ['cleanmail', 'alinto-protect', 'sendsafely'] as const;

/** The name of a service profile, as the admin REST takes it. */
export type ProfileName = (typeof profileNames)[number];

/** What is particular to one service. Everything that differs between services stands here and nowhere else. */
export interface ServiceProfile {
  readonly name: ProfileName;
  readonly title: string;
  /** Path of the SCIM endpoint, without a slash at its end. */
  readonly basePath: string;
  /** `bare`: the token alone; `account`: `serviceAccount:token` in one string. */
  readonly credential: 'bare' | 'account';
  readonly userType: ResourceType;
  /** The Group resource type; absent when the service has no groups. */
  readonly groupType?: ResourceType;
  /** Whether the data of a deactivated user is erased after the tenant's period, unless the user comes back. */
  readonly erasesOnDeactivation: boolean;
}

/** Every profile by its name. */
export const serviceProfiles: Readonly<Record<ProfileName, ServiceProfile>> = {
  cleanmail: {
    name: 'cleanmail',
    title: 'Cleanmail Swiss',
    basePath: '/api/v3/scim2',
    credential: 'bare',
    userType: userResourceType,
    groupType: groupResourceType,
    erasesOnDeactivation: false,
  },
  'alinto-protect': {
    name: 'alinto-protect',
    title: 'Alinto Protect',
    basePath: '/api/v3/scim2',
    credential: 'bare',
    userType: userResourceType,
    groupType: groupResourceType,
    erasesOnDeactivation: false,
  },
  sendsafely: {
    name: 'sendsafely',
    title: 'SendSafely',
    basePath: '/scim/v2/entra',
    credential: 'account',
    userType: withAttribute(userResourceType, 'userName', { mutability: 'immutable' }),
    erasesOnDeactivation: true,
  },
};

/** The paths at which SCIM is served, each once. */
export const scimBasePaths: readonly string[] = [
  ...new Set(Object.values(serviceProfiles).map(({ basePath }) => basePath)),
];

/** Where the OAuth token endpoint of a service is, below its base path. */
export const tokenEndpointPath = 'oauth/token';

/** The base path that the template of a route lies on. */
export function basePathOf(route: string): string | undefined {
  return scimBasePaths.find((path) => route === path || route.startsWith(`${path}/`));
}

/** The resource types that a service offers. */
export function resourceTypesOf({ userType, groupType }: ServiceProfile): readonly ResourceType[] {
  return groupType === undefined ? [userType] : [userType, groupType];
}
