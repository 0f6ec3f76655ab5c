export { createAdminApplication } from './create-admin-application.js';
