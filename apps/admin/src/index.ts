export { createAdminApplication } from './create-admin-application.js';
export { ScimAddress } from './scim-address.js';
