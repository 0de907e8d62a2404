/** Where the API's documentation is, on the page's own origin. */
export const API_DOCS = "/api/v1/docs/";
