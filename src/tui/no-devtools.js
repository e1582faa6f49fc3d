// Owns nothing: stands in for Ink's optional development tools, which the shipped program never has.
export default {};
