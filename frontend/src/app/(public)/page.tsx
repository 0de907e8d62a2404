export { LandingPage as default } from "./client";
