/** The name of the service, as people see it. */
export const BRAND = "Image Processing Service";
/** Where the name must be short. */
export const SHORT_BRAND = "Image Processing";
