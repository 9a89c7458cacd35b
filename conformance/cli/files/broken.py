this is no python (
