export { createScimApplication } from './create-scim-application.js';
