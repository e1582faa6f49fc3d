// Owns nothing: stands in for Ink's optional development tools in the bundled limits.
export default {};
