/** The media type of every SCIM message (RFC 7644 section 8.1). */
export const scimMediaType = 'application/scim+json; charset=utf-8';
