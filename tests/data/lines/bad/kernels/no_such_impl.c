extern const struct impl nobody;
const struct impl no_such_impl = {0};
