const struct impl no_end = {
    .name = "no_end",
