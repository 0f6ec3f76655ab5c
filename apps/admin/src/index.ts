export { ClockTimer } from './clocks/clock-timer.js';
export { createAdminApplication } from './create-admin-application.js';
export { RelayTimer } from './events/relay-timer.js';
