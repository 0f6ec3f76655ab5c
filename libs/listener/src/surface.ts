/** What a listener answers when a request never reaches the application: in the language of its surface. */
export interface SurfaceError {
  readonly contentType: string;
  readonly body: string;
}

/** One of the service's two HTTP surfaces. */
export interface Surface {
  readonly name: 'scim' | 'admin';
  /** Renders an error of HTTP itself: a malformed URL, headers that never end, a body that never comes. */
  readonly renderError: (status: number, detail: string) => SurfaceError;
}
