const struct impl comment = {0};
/* never closed
