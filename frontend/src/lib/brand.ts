/** The name of the service, as people see it. */
export const BRAND = "Image Processing Service";
/** The name where space is scarce. */
export const SHORT_BRAND = "Image Processing";
